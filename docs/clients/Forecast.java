import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Without any library: {@code java Forecast.java http://localhost:8080 docs/sample}. */
class Forecast {

    public static void main(String[] arguments) throws Exception {
        String service = arguments.length > 0 ? arguments[0] : "http://localhost:8080";
        Path sample = Path.of(arguments.length > 1 ? arguments[1] : "docs/sample");
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(service + "/forecast?steps=3&time=2016-09-28T17:00:00Z"))
                        .header("Content-Type", "application/x-npy")
                        .header("Accept", "application/x-npy")
                        .POST(HttpRequest.BodyPublishers.ofFile(sample.resolve("radar.npy")))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(new String(answer.body(), StandardCharsets.UTF_8));
            }
            // NPY 1.0: magic, version, length of the header, header, little-endian float32.
            ByteBuffer npy = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
            int header = 10 + npy.getShort(8);
            float[] rain = new float[(npy.capacity() - header) / Float.BYTES];
            npy.position(header).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(rain);
            float most = 0;
            for (float value : rain) {
                most = Math.max(most, Float.isNaN(value) ? 0 : value);
            }
            System.out.printf(
                    "%s: %d pixels, at most %.1f mm/h, valid %s%n",
                    answer.headers().firstValue("Nowcast-Model").orElse("?"),
                    rain.length,
                    most,
                    answer.headers().firstValue("Nowcast-Valid-Times").orElse("?"));
        }
    }
}

import io.nowcast.client.ApiClient;
import io.nowcast.client.api.ForecastApi;
import io.nowcast.client.api.ModelsApi;
import io.nowcast.client.model.ModelDescription;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.zip.ZipFile;

/** Uses the generated Java client: frames in, frames out, as NPY and as PNGs. */
class UseClient {

    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        client.setBasePath(arguments[0]);
        Path sample = Path.of(arguments[1]);
        OffsetDateTime time = OffsetDateTime.parse("2016-09-28T17:00:00Z");

        ModelDescription model = new ModelsApi(client).listModels().execute().getModels().getFirst();
        ForecastApi forecasts = new ForecastApi(client);
        File array =
                forecasts.forecast(sample.resolve("radar.npy").toFile())
                        .steps(3)
                        .time(time)
                        .format("npy")
                        .execute();
        byte[] npy = Files.readAllBytes(array.toPath());
        require(npy[0] == (byte) 0x93 && new String(npy, 0, 128, "ISO-8859-1").contains("(3, 256, 256)"), "NPY");

        File stack =
                forecasts.forecast(sample.resolve("radar.zip").toFile())
                        .steps(3)
                        .time(time)
                        .format("png")
                        .execute();
        try (ZipFile zip = new ZipFile(stack)) {
            require(zip.getEntry("+005min.png") != null && zip.size() == 4, "ZIP");
        }
        System.out.printf("%s: NPY of %d bytes, ZIP of %d bytes%n", model.getName(), npy.length, stack.length());
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not the " + what + " that was expected");
        }
    }
}

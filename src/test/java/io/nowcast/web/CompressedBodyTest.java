package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** What inflating a body takes, and that a bomb is told from a busy service. */
class CompressedBodyTest {

    private static final int EXPANDED = 4_000_000;

    private static void noRoom(long bytes) {
        throw new IllegalStateException("busy, no room for " + bytes);
    }

    private static MockHttpServletRequest request(byte[] sent) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/forecast");
        request.addHeader("Content-Encoding", "gzip");
        request.setContent(sent);
        return request;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] read(byte[] sent, LongConsumer memory) throws IOException {
        return new RequestBodyReader(EXPANDED, EXPANDED).read(request(sent), memory).bytes();
    }

    @Test
    void aBombIsTooLargeHoweverLittleMemoryIsFree() throws IOException {
        byte[] bomb = gzip(new byte[EXPANDED + 1]);

        assertThatThrownBy(() -> read(bomb, CompressedBodyTest::noRoom))
                .isInstanceOfSatisfying(
                        BodyException.class,
                        refusal -> assertThat(refusal.status().value()).isEqualTo(413))
                .hasMessageContaining("4000000")
                .hasMessageContaining("nowcast.limits.expanded");
    }

    @Test
    void takesWhatItNeedsOnceAndBeforeItDoes() throws IOException {
        byte[] body = new byte[EXPANDED];
        new Random(1).nextBytes(body);
        byte[] sent = gzip(body);
        List<Long> taken = new ArrayList<>();

        assertThat(read(sent, taken::add)).isEqualTo(body);
        assertThat(taken).containsExactly((long) sent.length + EXPANDED);
        assertThatThrownBy(() -> read(sent, CompressedBodyTest::noRoom))
                .hasMessageContaining("busy");
    }

    @Test
    void severalMembersAreOneBody() throws IOException {
        byte[] first = gzip(new byte[] {1, 2, 3});
        byte[] second = gzip(new byte[] {4, 5});
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertThat(read(both, _ -> {})).containsExactly(1, 2, 3, 4, 5);
    }
}

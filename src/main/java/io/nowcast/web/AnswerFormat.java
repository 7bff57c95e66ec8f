package io.nowcast.web;

import io.nowcast.codec.FrameFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;

/**
 * Chooses the format of an answer: {@code format}, else {@code Accept}, else the kind that came in.
 */
final class AnswerFormat {

    private AnswerFormat() {}

    /**
     * The format that a client asks for.
     *
     * @return empty where it takes anything
     * @throws BodyException 406 if it takes none that there is
     */
    static Optional<FrameFormat> of(Optional<FrameFormat> parameter, @Nullable String accept) {
        if (parameter.isPresent() || accept == null || accept.isBlank()) {
            return parameter;
        }
        for (MediaType range : ranges(accept)) {
            if (takesAll(range)) {
                return Optional.empty();
            }
            Optional<FrameFormat> format =
                    Arrays.stream(FrameFormat.values())
                            .filter(FrameFormat::acceptable)
                            .filter(known ->
                                    range.includes(MediaType.parseMediaType(known.mediaType())))
                            .findFirst();
            if (format.isPresent()) {
                return format;
            }
            if (range.isCompatibleWith(MediaType.APPLICATION_OCTET_STREAM)) {
                return Optional.of(FrameFormat.NPY);
            }
        }
        throw new BodyException(
                HttpStatus.NOT_ACCEPTABLE,
                "Accept is '%s'; answers are %s"
                        .formatted(
                                accept,
                                Arrays.stream(FrameFormat.values())
                                        .filter(FrameFormat::acceptable)
                                        .map(FrameFormat::mediaType)
                                        .toList()));
    }

    /**
     * Whether this is {@code *}{@code /*} or {@code application/*}, which leave the choice to the
     * service.
     */
    private static boolean takesAll(MediaType range) {
        return range.isWildcardType()
                || (range.getType().equals("application") && range.isWildcardSubtype());
    }

    private static List<MediaType> ranges(String accept) {
        try {
            List<MediaType> ranges = MediaType.parseMediaTypes(accept);
            MimeTypeUtils.sortBySpecificity(ranges);
            ranges.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
            return ranges.stream().filter(range -> range.getQualityValue() > 0).toList();
        } catch (InvalidMediaTypeException | InvalidMimeTypeException problem) {
            throw new BodyException(
                    HttpStatus.NOT_ACCEPTABLE, "Accept cannot be read: " + problem.getMessage());
        }
    }
}

package io.nowcast.web;

import io.nowcast.codec.FrameFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The media types that a body of frames may have, and which format each of them declares. */
final class FrameMediaTypes {

    /** Of those without a format the first bytes tell it. In the order in which they are named. */
    private static final Map<String, Optional<FrameFormat>> FORMATS = formats();

    private FrameMediaTypes() {}

    private static Map<String, Optional<FrameFormat>> formats() {
        Map<String, Optional<FrameFormat>> formats = new LinkedHashMap<>();
        formats.put("application/x-npy", Optional.of(FrameFormat.NPY));
        formats.put("application/npy", Optional.of(FrameFormat.NPY));
        formats.put("application/x-npz", Optional.of(FrameFormat.NPZ));
        formats.put("application/npz", Optional.of(FrameFormat.NPZ));
        formats.put("application/zip", Optional.of(FrameFormat.PNG_STACK));
        formats.put("application/x-zip-compressed", Optional.of(FrameFormat.PNG_STACK));
        formats.put("application/x-hdf5", Optional.empty());
        formats.put("application/x-hdf", Optional.empty());
        formats.put("application/x-netcdf", Optional.empty());
        formats.put("application/netcdf", Optional.empty());
        formats.put("image/tiff", Optional.empty());
        formats.put("image/gif", Optional.empty());
        formats.put("image/x-portable-graymap", Optional.empty());
        formats.put("application/gzip", Optional.empty());
        formats.put("application/x-gzip", Optional.empty());
        formats.put(MediaType.APPLICATION_OCTET_STREAM_VALUE, Optional.empty());
        return Collections.unmodifiableMap(formats);
    }

    /**
     * The format that a body declares.
     *
     * @param contentType as in the header
     * @return empty where the first bytes are to tell it
     * @throws BodyException 415 if no frames come in it
     */
    static Optional<FrameFormat> declared(@Nullable String contentType) {
        if (contentType == null) {
            return Optional.empty();
        }
        Optional<FrameFormat> format = FORMATS.get(essence(contentType));
        if (format == null) {
            throw new BodyException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type is '%s'; frames come as %s or %s (curl sends the right one with -H 'Content-Type: application/x-npy')"
                            .formatted(
                                    contentType,
                                    String.join(", ", FORMATS.keySet()),
                                    MediaType.MULTIPART_FORM_DATA_VALUE));
        }
        return format;
    }

    private static String essence(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return type.getType() + "/" + type.getSubtype();
        } catch (InvalidMediaTypeException _) {
            return contentType;
        }
    }
}

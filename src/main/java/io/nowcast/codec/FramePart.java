package io.nowcast.codec;

/**
 * One part of a multipart body: PNG, NPY, NPZ or ZIP, told by its first bytes. The content is
 * shared, not copied.
 */
public final class FramePart {

    private final String fileName;
    private final byte[] content;

    /**
     * @param fileName the client's name for it, used in messages only
     */
    public FramePart(String fileName, byte[] content) {
        this.fileName = fileName;
        this.content = content;
    }

    Section section() {
        return Section.of(fileName, content);
    }
}

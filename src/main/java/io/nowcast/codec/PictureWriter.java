package io.nowcast.codec;

import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures of a forecast for people: an animated GIF, or a PNG with a panel a lead time. */
final class PictureWriter {

    private static final int HUNDREDTHS_A_FRAME = 40;
    private static final int HUNDREDTHS_OF_THE_LAST = 150;

    /** Panels are smaller than the frames of an animation: they all stand in one picture. */
    private static final int LONGEST_PANEL = 320;

    private PictureWriter() {}

    static void writePanels(ForecastDocument document, OutputStream out) throws IOException {
        ForecastPicture picture =
                new ForecastPicture(document.onlySequence(), document.leadTimes(), LONGEST_PANEL);
        // Into memory first: ImageIO hides a broken connection among its own failures.
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture.panels(), "png", png);
        png.writeTo(out);
    }

    static void writeAnimation(ForecastDocument document, OutputStream out) throws IOException {
        ForecastPicture picture =
                new ForecastPicture(
                        document.onlySequence(), document.leadTimes(), ForecastPicture.LONGEST);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(gif)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            int last = document.leadTimes().steps() - 1;
            for (int lead = 0; lead <= last; lead++) {
                BufferedImage frame = picture.frame(lead);
                int delay = lead == last ? HUNDREDTHS_OF_THE_LAST : HUNDREDTHS_A_FRAME;
                writer.writeToSequence(
                        new IIOImage(frame, null, metadata(writer, frame, delay)), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
        gif.writeTo(out);
    }

    /** The delay, and the application extension that has browsers repeat the animation. */
    private static IIOMetadata metadata(ImageWriter writer, RenderedImage frame, int delay)
            throws IOException {
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        IIOMetadata metadata =
                writer.getDefaultImageMetadata(
                        ImageTypeSpecifier.createFromRenderedImage(frame), parameters);
        String format = metadata.getNativeMetadataFormatName();
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
        IIOMetadataNode control =
                (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
        control.setAttribute("delayTime", Integer.toString(delay));
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        extensions.appendChild(loop);
        root.appendChild(extensions);
        metadata.setFromTree(format, root);
        return metadata;
    }
}

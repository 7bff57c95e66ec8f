package io.nowcast.cli;

import io.nowcast.model.DeviceName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A device as {@code cpu} or {@code cuda:0}. */
final class DeviceConverter implements ITypeConverter<DeviceName> {

    @Override
    public DeviceName convert(String text) {
        try {
            return DeviceName.parse(text);
        } catch (IllegalArgumentException problem) {
            throw new TypeConversionException(String.valueOf(problem.getMessage()));
        }
    }
}

package io.nowcast.codec;

import java.util.List;
import java.util.Optional;

/** A file of named variables with attributes: NetCDF-4, which is HDF5, or NetCDF-3. */
interface CfSource {

    /** Longer lists and texts are data, not what attributes of radar files say. */
    int LONGEST_ATTRIBUTE = 1 << 16;

    /** The names of the variables. */
    List<String> variables();

    /** A variable that {@link #variables()} names. */
    CfVariable variable(String name);

    /** The names of a variable's attributes, in the order of the file. */
    List<String> attributes(String variable);

    /** A text attribute, stripped; empty where it is absent, no text or too long. */
    Optional<String> text(String variable, String attribute);

    /** The numbers of an attribute; empty where it is absent, text or too long. */
    List<Double> numbers(String variable, String attribute);
}

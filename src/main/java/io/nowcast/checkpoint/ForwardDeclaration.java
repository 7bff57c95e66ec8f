package io.nowcast.checkpoint;

import io.nowcast.checkpoint.TorchScriptSignature.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds and splits the declaration of {@code forward} in a class of serialised TorchScript:
 *
 * <pre>{@code
 * class Net(Module):
 *   def forward(self: __torch__.Net,
 *     frames: Tensor,
 *     steps: int=5) -> Tensor:
 * }</pre>
 *
 * <p>Source: {@code printFunction} in {@code torch/csrc/jit/serialization/python_print.cpp}.
 */
final class ForwardDeclaration {

    private static final Pattern NEXT_CLASS = Pattern.compile("^class ", Pattern.MULTILINE);
    private static final Pattern FORWARD = Pattern.compile("^ +def forward\\(", Pattern.MULTILINE);
    private static final Pattern RETURNS =
            Pattern.compile("\\s*->\\s*([^\\n]+):[ \\t]*$", Pattern.MULTILINE);

    private final String text;
    private int position;

    private ForwardDeclaration(String text, int position) {
        this.text = text;
        this.position = position;
    }

    /**
     * @throws CheckpointException.Malformed if the source has no such class or the class no such
     *     method
     */
    static TorchScriptSignature find(String source, String className) {
        String body = classBody(source, className);
        Matcher forward = FORWARD.matcher(body);
        if (!forward.find()) {
            throw new CheckpointException.Malformed(
                    "class %s has no method forward".formatted(className));
        }
        return new ForwardDeclaration(body, forward.end()).signature();
    }

    private static String classBody(String source, String className) {
        Matcher header =
                Pattern.compile(
                                "^class %s\\(".formatted(Pattern.quote(className)),
                                Pattern.MULTILINE)
                        .matcher(source);
        if (!header.find()) {
            throw new CheckpointException.Malformed(
                    "the program's source has no class " + className);
        }
        Matcher next = NEXT_CLASS.matcher(source);
        int end = next.find(header.end()) ? next.start() : source.length();
        return source.substring(header.end(), end);
    }

    private TorchScriptSignature signature() {
        List<Parameter> parameters =
                argumentTexts().stream().skip(1).map(ForwardDeclaration::parameter).toList();
        Matcher returns = RETURNS.matcher(text).region(position, text.length());
        if (!returns.lookingAt()) {
            throw new CheckpointException.Malformed("forward declares no result");
        }
        return new TorchScriptSignature(parameters, returns.group(1).strip(), false, List.of());
    }

    /** Splits at the commas of the outermost level, up to the closing parenthesis. */
    private List<String> argumentTexts() {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int start = position;
        for (; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == '"' || c == '\'') {
                skipQuoted(c);
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (depth > 0 && (c == ')' || c == ']' || c == '}')) {
                depth--;
            } else if (depth == 0 && (c == ',' || c == ')')) {
                arguments.add(text.substring(start, position).strip());
                start = position + 1;
                if (c == ')') {
                    position++;
                    return arguments;
                }
            }
        }
        throw new CheckpointException.Malformed("the declaration of forward does not end");
    }

    private void skipQuoted(char quote) {
        position++;
        while (position < text.length() && text.charAt(position) != quote) {
            position += text.charAt(position) == '\\' ? 2 : 1;
        }
    }

    /** {@code name: type} or {@code name: type=default}. */
    private static Parameter parameter(String argument) {
        int colon = argument.indexOf(':');
        if (colon < 1) {
            throw new CheckpointException.Malformed(
                    "expected a parameter with its type, got '%s'".formatted(argument));
        }
        int equals = argument.indexOf('=', colon);
        String type = argument.substring(colon + 1, equals < 0 ? argument.length() : equals);
        return new Parameter(argument.substring(0, colon).strip(), type.strip(), equals >= 0);
    }
}

package io.nowcast.cli;

import io.nowcast.security.AccessScope;
import io.nowcast.security.NewApiKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code key --name radar-team}: a new API key, and its line for the file of keys. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an API key: the first line is for the client, the second for the file of keys.",
            "The key is kept nowhere and cannot be had again."
        })
final class KeyCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "the client's name")
    private String name = "";

    @Option(
            names = "--scopes",
            split = ",",
            defaultValue = "forecast,models:read",
            paramLabel = "SCOPE",
            description =
                    "what it may do, of forecast, models:read and admin; ${DEFAULT-VALUE} where not given")
    private List<String> scopes = new ArrayList<>();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "when the key ends: a day such as 2027-01-01, or an instant; never where not given")
    private @Nullable String until;

    @Override
    public Integer call() {
        Set<AccessScope> granted = EnumSet.noneOf(AccessScope.class);
        for (String word : scopes) {
            granted.add(
                    AccessScope.of(word)
                            .orElseThrow(() ->
                                    wrong(
                                            "there is no scope '%s', only %s"
                                                    .formatted(word, AccessScope.words()))));
        }
        try {
            NewApiKey made = NewApiKey.make(name, granted, Optional.ofNullable(until));
            spec.commandLine().getOut().println(made.key());
            spec.commandLine().getOut().println(made.line());
        } catch (IllegalArgumentException problem) {
            throw wrong("the key cannot be made: " + problem.getMessage());
        }
        return 0;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

package io.nowcast.security;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Reads the mode as {@link AccessProperties} does, whatever its spelling. */
final class AccessModeCondition implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        AccessMode wanted =
                metadata.getAnnotations()
                        .get(OnAccessMode.class)
                        .getEnum("value", AccessMode.class);
        AccessMode mode =
                Binder.get(context.getEnvironment())
                        .bind("nowcast.security.mode", AccessMode.class)
                        .orElse(AccessMode.NONE);
        return mode == wanted;
    }
}

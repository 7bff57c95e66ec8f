package io.nowcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/** The architecture as the packages declare it, checked. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .importPackages("io.nowcast");

    private static final String[] PLAIN = {
        "io.nowcast.frames..",
        "io.nowcast.codec..",
        "io.nowcast.scaling..",
        "io.nowcast.projection..",
        "io.nowcast.products..",
        "io.nowcast.network..",
        "io.nowcast.checkpoint..",
        "io.nowcast.layout..",
        "io.nowcast.torchscript.."
    };

    @Test
    void onlyTheEngineKnowsDjl() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.nowcast.engine..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("ai.djl..");
        rule.check(CLASSES);
    }

    @Test
    void onlyTheAcceleratorKnowsJna() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.nowcast.accelerator..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.sun.jna..");
        rule.check(CLASSES);
    }

    @Test
    void formatsAndNetworksArePlainJava() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideInAnyPackage(PLAIN)
                        .and()
                        .doNotHaveSimpleName("package-info")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.springframework..",
                                "ai.djl..",
                                "jakarta..",
                                "io.micrometer..");
        rule.check(CLASSES);
    }

    @Test
    void httpStaysInTheWebAndBeforeIt() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideOutsideOfPackages("io.nowcast.web..", "io.nowcast.security..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "jakarta.servlet..",
                                "org.springframework.http..",
                                "org.springframework.web..");
        rule.check(CLASSES);
    }

    /**
     * So that a clock which is set does not end what waits, or keep it waiting. The end of a drain
     * compares with the times that Tomcat notes, which are the wall clock's; it has a limit of its
     * own.
     */
    @Test
    void deadlinesAndPacesKnowNoWallClock() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.nowcast.batching..",
                                "io.nowcast.forecast..",
                                "io.nowcast.web..")
                        .and()
                        .doNotHaveSimpleName("Endpoint")
                        .should()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .dependOnClassesThat()
                        .belongToAnyOf(Clock.class, InstantSource.class, Date.class);
        rule.check(CLASSES);
    }

    @Test
    void statusCodesStayInTheWeb() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.nowcast.web..")
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("org.springframework.http.HttpStatus");
        rule.check(CLASSES);
    }

    @Test
    void onlyTheSecurityKnowsSpringSecurity() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.nowcast.security..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.springframework.security..", "io.github.bucket4j..");
        rule.check(CLASSES);
    }

    @Test
    void recordsHaveNoArrays() {
        ArchRule rule =
                fields().that()
                        .areDeclaredInClassesThat()
                        .areRecords()
                        .and()
                        .areNotStatic()
                        .should(notBeArrays());
        rule.check(CLASSES);
    }

    @Test
    void classesAreFinalUnlessMeantForInheritance() {
        ArchRule rule =
                classes()
                        .that(areConcreteTopLevelClasses())
                        .and()
                        .areNotAnnotatedWith(Configuration.class)
                        .and()
                        .areNotAnnotatedWith(SpringBootConfiguration.class)
                        .should()
                        .haveModifier(JavaModifier.FINAL);
        rule.check(CLASSES);
    }

    @Test
    void configurationIsRecords() {
        ArchRule rule =
                classes()
                        .that()
                        .areAnnotatedWith(ConfigurationProperties.class)
                        .should()
                        .beRecords();
        rule.check(CLASSES);
    }

    @Test
    void packagesUseOnlyWhatTheyDeclare() {
        ApplicationModules.of("io.nowcast").verify();
    }

    @Test
    void writesTheDiagramOfThePackages() {
        new Documenter(ApplicationModules.of("io.nowcast")).writeModulesAsPlantUml();
    }

    private static ArchCondition<JavaField> notBeArrays() {
        return new ArchCondition<>("not be arrays") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(
                                field, !field.getRawType().isArray(), field.getDescription()));
            }
        };
    }

    private static DescribedPredicate<JavaClass> areConcreteTopLevelClasses() {
        return DescribedPredicate.describe(
                "are concrete top-level classes",
                type ->
                        type.isTopLevelClass()
                                && !type.isInterface()
                                && !type.isEnum()
                                && !type.isRecord()
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                                && !type.reflect().isSealed()
                                && !type.getSimpleName().equals("package-info"));
    }
}

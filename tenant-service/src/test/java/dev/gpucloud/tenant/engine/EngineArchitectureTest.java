package dev.gpucloud.tenant.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class EngineArchitectureTest {
  @Test
  void engineDependsOnTheJdkAndValueTypesAlone() {
    classes()
        .that()
        .resideInAPackage("..engine..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.crypto..",
            "org.jspecify..",
            "dev.gpucloud.contracts..",
            "dev.gpucloud.tenant..engine..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.gpucloud.tenant"));
  }
}

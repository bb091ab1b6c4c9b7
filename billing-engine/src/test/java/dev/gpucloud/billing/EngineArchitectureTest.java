package dev.gpucloud.billing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class EngineArchitectureTest {
  @Test
  void enginesDependOnJavaAndValueTypesOnly() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gpucloud.billing");
    classes()
        .that()
        .resideInAPackage("..engine..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.gpucloud.contracts.id..",
            "dev.gpucloud.contracts.money..",
            "dev.gpucloud.contracts.time..",
            "dev.gpucloud.billing..engine..")
        .check(classes);
  }
}

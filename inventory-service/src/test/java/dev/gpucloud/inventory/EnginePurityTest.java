package dev.gpucloud.inventory;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class EnginePurityTest {

  @Test
  void enginesDependOnJavaAndValueTypesAlone() {
    var main =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gpucloud.inventory");

    classes()
        .that()
        .resideInAPackage("..engine")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.gpucloud.contracts..", "org.jspecify..", "..engine")
        .check(main);
  }
}

package dev.gpucloud.agent.engine;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class EngineArchitectureTest {
  private static final JavaClasses AGENT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.gpucloud.agent");

  @Test
  void theEngineDependsOnJavaAndValueTypesAlone() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("..agent.engine..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "dev.gpucloud.contracts..", "dev.gpucloud.agent.engine..")
        .check(AGENT);
  }

  @Test
  void theEngineReadsNoClockOfItsOwn() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("..agent.engine..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(AGENT);
  }
}

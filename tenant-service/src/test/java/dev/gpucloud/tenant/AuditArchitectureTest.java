package dev.gpucloud.tenant;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class AuditArchitectureTest {
  /** The kit's units of work owe the audit entry, so there is no other way to the database. */
  @Test
  void everyUnitOfWorkIsOpenedByTheKit() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.hibernate\\.reactive\\.mutiny\\.Mutiny\\$SessionFactory"
                + "|io\\.vertx\\..*sqlclient\\.Pool|javax\\.sql\\.DataSource")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.gpucloud.tenant"));
  }
}

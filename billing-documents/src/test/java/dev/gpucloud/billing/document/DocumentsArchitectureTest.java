package dev.gpucloud.billing.document;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class DocumentsArchitectureTest {

  @Test
  void knowsNothingButValuesAndWhatWritesFiles() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gpucloud.billing.document");
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.xml.stream..",
            "org.jspecify..",
            "org.apache.pdfbox..",
            "org.apache.fontbox..",
            "org.apache.parquet..",
            "com.jerolba.carpet..",
            "dev.gpucloud.contracts..",
            "dev.gpucloud.billing..engine..",
            "dev.gpucloud.billing.document..")
        .check(classes);
    classes()
        .that()
        .resideInAnyPackage("..document.invoice..", "..document.tax..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.xml.stream..",
            "org.jspecify..",
            "dev.gpucloud.contracts..",
            "dev.gpucloud.billing..engine..",
            "dev.gpucloud.billing.document.invoice..",
            "dev.gpucloud.billing.document.tax..")
        .check(classes);
  }
}

package dev.gpucloud.billing.document.tax;

/** What stands against a document: the field as a JSON pointer, and what would help. */
public record Violation(String pointer, String detail) {}

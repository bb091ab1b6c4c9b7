package dev.gpucloud.billing.document.invoice;

/** The project that a line is for, as it was named then. */
public record Project(String id, String name) {}

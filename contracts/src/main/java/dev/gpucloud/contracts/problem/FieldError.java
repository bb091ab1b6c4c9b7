package dev.gpucloud.contracts.problem;

/**
 * One violation in a request: a JSON pointer into the body (or a parameter name) and what to do.
 */
public record FieldError(String pointer, String detail) {}

package dev.gpucloud.billing.closerun;

/** Somebody wants a month closed: this replica begins now and not at its next look. */
public record CloseAsked() {}

package dev.gpucloud.inventory.faults.engine;

/** What a code asks for, and why. */
public record FaultRule(int xid, FaultAction action, String reason) {}

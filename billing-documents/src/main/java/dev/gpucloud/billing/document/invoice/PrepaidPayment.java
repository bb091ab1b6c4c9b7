package dev.gpucloud.billing.document.invoice;

import dev.gpucloud.contracts.money.Won;

/** What a prepaid credit paid of the total. */
public record PrepaidPayment(String id, String name, Won paid) {}

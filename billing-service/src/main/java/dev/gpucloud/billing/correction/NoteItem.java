package dev.gpucloud.billing.correction;

import org.jspecify.annotations.Nullable;

/** An item of the tax document that stands in an original's place, in whole won without VAT. */
record NoteItem(String name, @Nullable String spec, String supplyValue) {}

package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.TaxType;
import org.jspecify.annotations.Nullable;

/** An item of the tax document of a type that stands in an original's place, without VAT. */
record NoteItem(TaxType taxType, String name, @Nullable String spec, String supplyValue) {}

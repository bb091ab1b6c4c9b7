package dev.gpucloud.billing.review;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What somebody said about an invoice; it is never changed or taken away. */
@Schema(name = "InvoiceComment")
record CommentView(String id, String text, String by, Instant at) {}

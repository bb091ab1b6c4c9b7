package dev.gpucloud.kit.outbox;

import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way out.
 *
 * @param id becomes {@code ce_id}; unique for ever
 * @param topic without the installation's prefix
 * @param key aggregate id: events of one key keep their order
 * @param sequence 1..n per aggregate, without a hole
 * @param time business time of the fact
 * @param data a fact record, written as JSON
 */
public record OutboxEvent(
    UUID id,
    String topic,
    String key,
    String type,
    String subject,
    @Nullable TenantId tenant,
    long sequence,
    Instant time,
    Object data) {}

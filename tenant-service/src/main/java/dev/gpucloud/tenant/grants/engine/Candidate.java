package dev.gpucloud.tenant.grants.engine;

import java.time.Instant;
import java.util.UUID;

/**
 * An application as the award sees it.
 *
 * @param applicant who applies, over all of its applications
 * @param minGpus less is of no use to it
 */
public record Candidate(
    UUID id,
    String applicant,
    String category,
    boolean regional,
    String model,
    int askedGpus,
    int minGpus,
    Instant submittedAt,
    Scores.Mean score) {}

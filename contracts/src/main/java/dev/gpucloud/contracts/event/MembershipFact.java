package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The roles of one person at one tenant, on {@link Topics#MEMBERSHIPS}; no roles means revoked. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MembershipFact(
    TenantId tenantId,
    String subject,
    @Nullable String username,
    List<String> roles,
    @Nullable Map<String, List<String>> projectRoles) {}

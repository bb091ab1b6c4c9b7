package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who did what to which thing, on {@link Topics#AUDIT_ENTRIES}. Holds no secret: not the bodies of
 * requests, and of values only what the API shows again.
 *
 * @param at system time of the act; of counted denials the last one
 * @param service which service saw it
 * @param category SECURITY, CHANGE, DENIAL or READ; decides how long it is kept
 * @param sourceAddress as the gateway saw it; information, not proof
 * @param action dotted name such as {@code tenant.member.set}
 * @param before the target's values before a change, as far as the service tells them
 * @param after the target's values after it
 * @param parameters the path template's values and the filters of a read
 * @param result DONE or DENIED
 * @param status of the HTTP answer to a denied request
 * @param count how many like it this entry stands for; 1 unless denials were counted together
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AuditFact(
    Instant at,
    String service,
    String category,
    Actor actor,
    @Nullable String sourceAddress,
    @Nullable String requestId,
    String action,
    Target target,
    @Nullable Map<String, Object> before,
    @Nullable Map<String, Object> after,
    @Nullable Map<String, String> parameters,
    String result,
    @Nullable Integer status,
    long count) {

  /**
   * Who acted.
   *
   * @param kind USER, SERVICE, KEY or SYSTEM; UNVERIFIED when a refused token claims the subject
   * @param onBehalfOf the subject for whom the actor acted
   * @param keyId the API key that was used
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Actor(
      String kind,
      String subject,
      @Nullable String username,
      @Nullable String onBehalfOf,
      @Nullable String keyId) {}

  /**
   * What was acted on.
   *
   * @param id its id or name; null when the act was on a list
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Target(String type, @Nullable String id, @Nullable TenantId tenant) {}
}

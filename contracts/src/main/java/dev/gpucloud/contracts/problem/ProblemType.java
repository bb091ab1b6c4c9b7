package dev.gpucloud.contracts.problem;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The one registry of problems. The name is the {@code code} that clients switch on; it never
 * changes. {@code docs/problems.md} is generated from this list.
 */
public enum ProblemType {
  VALIDATION_FAILED(400, "The request has invalid values", "Correct every field listed in errors."),
  MALFORMED_BODY(400, "The body is not valid JSON", "Send well-formed JSON."),
  UNKNOWN_FIELD(400, "The body has a field that is not known", "Remove or rename the field."),
  INVALID_PARAMETER(400, "A parameter has an invalid value", "Correct the parameter named."),
  INVALID_PAGE_TOKEN(
      400, "The page token is not valid", "Start again without pageToken, or pass it unchanged."),
  IDEMPOTENCY_KEY_REQUIRED(
      400,
      "The Idempotency-Key header is missing or malformed",
      "Send a new unique value of 1 to 128 printable characters and repeat it on retries."),
  LOGIN_FAILED(400, "The login did not come to its end", "Begin it again at params.login."),
  UNAUTHENTICATED(
      401,
      "No valid access token",
      "Log in: in a browser at /auth/login, with a program by sending the access token as a bearer"
          + " token."),
  CSRF_TOKEN_REQUIRED(
      403,
      "The request does not prove that it comes from the console",
      "Send csrfToken of /auth/session as the header X-CSRF-Token, from a page of this address."),
  FORBIDDEN(
      403,
      "Your roles do not allow this",
      "Ask for the role named, which an owner of the tenant gives, or whoever runs the cloud a"
          + " platform role; or use a login or API key that has it."),
  NOT_FOUND(404, "Nothing here under this address", "Check the id; you may lack access to it."),
  METHOD_NOT_ALLOWED(
      405, "The method is not allowed here", "Use a method that the API description lists here."),
  NOT_ACCEPTABLE(406, "No acceptable representation", "Accept application/json."),
  ALREADY_EXISTS(409, "It exists already", "Use the existing one, or choose another name."),
  STATE_CONFLICT(
      409, "The current state does not allow this", "Read the resource and act on its state."),
  CONFLICT_OF_INTEREST(
      409,
      "A reviewer may not judge this application",
      "Let a reviewer decide who does not belong to the applicant."),
  QUOTA_EXCEEDED(409, "The quota does not suffice", "Delete instances or request more quota."),
  BUDGET_SPENT(
      409,
      "The month's budget is spent",
      "Have the budget that params names raised or removed, or wait for params.monthEnd."),
  INSUFFICIENT_CAPACITY(
      409, "No host can take this now", "Try what params.alternatives lists, or later."),
  REQUEST_IN_PROGRESS(
      409,
      "A request with this Idempotency-Key is being carried out",
      "Repeat it after a moment to get its answer."),
  CLOCK_MOVES_FORWARD_ONLY(
      409, "The business clock moves forward only", "Ask for a later instant."),
  MONTH_NOT_READY(
      409, "The billing month cannot be closed yet", "Clear every blocker in params.blockers."),
  CHECKLIST_OPEN(
      409,
      "The close checklist has blocking items",
      "Clear each of params.items, or have it waived: one person proposes with a reason, another"
          + " one confirms."),
  FOUR_EYES(
      409,
      "A second person must do this",
      "Let somebody approve who neither prepared nor submitted it."),
  EVENTS_GONE(
      410,
      "Events from there on are no longer kept",
      "Read how things stand, then start without Last-Event-ID."),
  VERSION_MISMATCH(
      412, "It was changed since you read it", "Read it again and repeat with the new ETag."),
  BODY_TOO_LARGE(413, "The body is too large", "Send at most params.limitBytes bytes."),
  URI_TOO_LONG(
      414, "The address is too long", "Send an address of at most params.limitBytes bytes."),
  UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported", "Send application/json."),
  UNKNOWN_REFERENCE(
      422, "The request names something that does not exist", "Use one of the valid values."),
  UNPROCESSABLE(
      422, "The request cannot be carried out as it stands", "Correct what errors names."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "The Idempotency-Key was used for another request",
      "Use a new key for a new request; repeat a request unchanged."),
  PRECONDITION_REQUIRED(
      428, "The If-Match header is missing", "Read the resource and send its ETag as If-Match."),
  TOO_MANY_REQUESTS(429, "Too many requests", "Wait as long as Retry-After says."),
  HEADERS_TOO_LARGE(431, "The request headers are too large", "Send fewer or shorter headers."),
  INTERNAL(500, "The service failed", "Repeat later; tell support the requestId."),
  UPSTREAM_UNAVAILABLE(503, "A service is not available", "Repeat after Retry-After seconds."),
  UPSTREAM_TIMEOUT(
      504, "A service did not answer in time", "Repeat with the same Idempotency-Key.");

  private final int status;
  private final String title;
  private final String wayOut;

  ProblemType(int status, String title, String wayOut) {
    this.status = status;
    this.title = title;
    this.wayOut = wayOut;
  }

  /** HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** One sentence, the same for every occurrence. */
  public String title() {
    return title;
  }

  /** What the caller can do about it. */
  public String wayOut() {
    return wayOut;
  }

  /** The title in a language. */
  public String title(ProblemLanguage language) {
    return language.title(this, title);
  }

  /** The way out in a language. */
  public String wayOut(ProblemLanguage language) {
    return language.wayOut(this, wayOut);
  }

  /** URI reference of the problem type: its section in the problem documentation. */
  public String typeUri() {
    return "/problems#" + anchor();
  }

  /** Its section's name there. */
  public String anchor() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A problem of this type with a sentence about this occurrence. */
  public ProblemException because(String detail) {
    return new ProblemException(this, detail, Map.of(), List.of());
  }
}

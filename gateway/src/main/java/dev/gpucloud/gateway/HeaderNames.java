package dev.gpucloud.gateway;

import io.vertx.core.http.HttpHeaders;

/**
 * Names of headers that every request is asked for or gets, and values that are always the same, in
 * the form that need not be hashed and encoded anew each time.
 */
final class HeaderNames {
  static final CharSequence AUTHORIZATION = HttpHeaders.AUTHORIZATION;
  static final CharSequence CACHE_CONTROL = HttpHeaders.CACHE_CONTROL;
  static final CharSequence CLOSE = HttpHeaders.CLOSE;
  static final CharSequence CONNECTION = HttpHeaders.CONNECTION;
  static final CharSequence CONTENT_LENGTH = HttpHeaders.CONTENT_LENGTH;
  static final CharSequence TRANSFER_ENCODING = HttpHeaders.TRANSFER_ENCODING;
  static final CharSequence REQUEST_ID = name(RequestId.HEADER);
  static final CharSequence TRACEPARENT = name(TraceContext.HEADER);
  static final CharSequence FORWARDED_FOR = name(SourceAddress.FORWARDED_FOR);
  static final CharSequence FORWARDED_PROTO = name("X-Forwarded-Proto");
  static final CharSequence FORWARDED_HOST = name("X-Forwarded-Host");

  private HeaderNames() {}

  /** A name, or a value, in that form. */
  static CharSequence name(String text) {
    return HttpHeaders.createOptimized(text);
  }
}

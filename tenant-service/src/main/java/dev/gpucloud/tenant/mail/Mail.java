package dev.gpucloud.tenant.mail;

/**
 * A mail to one recipient.
 *
 * @param id tells it apart from all others; the same again is the same mail
 * @param html the same as {@code text} for readers that show it
 */
public record Mail(String id, String to, String subject, String text, String html) {}

package dev.gpucloud.docs;

import java.util.Locale;

/** One setting of a service. */
record ConfigSetting(String property, String type, String standard, String meaning) {
  /** Stands for a default that does not exist. */
  static final String REQUIRED = "required";

  /** The environment variable, by the rule of MicroProfile Config. */
  String variable() {
    return property.replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
  }
}

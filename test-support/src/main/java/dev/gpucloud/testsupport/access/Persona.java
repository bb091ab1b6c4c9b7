package dev.gpucloud.testsupport.access;

import java.util.Locale;

/** A kind of caller. Members and their keys belong to the tenant that the paths name. */
public enum Persona {
  OWNER(Kind.MEMBER),
  OPERATOR(Kind.MEMBER),
  VIEWER(Kind.MEMBER),
  BILLING_VIEWER(Kind.MEMBER),
  /** Owner of the project that paths name, with no role at its tenant. */
  PROJECT_OWNER(Kind.PROJECT_MEMBER),
  /** Owner of another tenant. */
  FOREIGN_OWNER(Kind.OUTSIDER),
  /** Logged in, and a member of nothing. */
  STRANGER(Kind.OUTSIDER),
  PLATFORM_ADMIN(Kind.STAFF),
  FINANCE(Kind.STAFF),
  FINANCE_APPROVER(Kind.STAFF),
  AUDITOR(Kind.STAFF),
  SERVICE(Kind.STAFF),
  /** Keys of the tenant's owner that allow this role. */
  OWNER_KEY(Kind.KEY),
  OPERATOR_KEY(Kind.KEY),
  VIEWER_KEY(Kind.KEY),
  BILLING_VIEWER_KEY(Kind.KEY),
  /** The owner's key, allowed everything at a project that no path names. */
  OTHER_PROJECT_KEY(Kind.OUTSIDE_KEY),
  /** Key of another tenant's owner. */
  FOREIGN_KEY(Kind.OUTSIDE_KEY);

  enum Kind {
    MEMBER,
    PROJECT_MEMBER,
    OUTSIDER,
    STAFF,
    KEY,
    OUTSIDE_KEY
  }

  final Kind kind;

  Persona(Kind kind) {
    this.kind = kind;
  }

  boolean key() {
    return kind == Kind.KEY || kind == Kind.OUTSIDE_KEY;
  }

  boolean reachesTenant() {
    return kind == Kind.MEMBER || kind == Kind.PROJECT_MEMBER || kind == Kind.KEY;
  }

  /** The role as tables write it; a key's is the role that it allows. */
  String role() {
    return name().replaceFirst("_KEY$", "").toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

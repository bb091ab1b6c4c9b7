package dev.gpucloud.devstack.layout;

import java.nio.file.Path;

/**
 * The data folder of a stack and the cache of unpacked programs, which stacks of one clone share.
 */
public record StackHome(Path folder, Path cache) {

  public Path logs() {
    return folder.resolve("logs");
  }

  public Path log(String component) {
    return logs().resolve(component + ".log");
  }

  public Path postgresql() {
    return folder.resolve("postgresql");
  }

  public Path kafka() {
    return folder.resolve("kafka");
  }

  public Path keycloak() {
    return folder.resolve("keycloak");
  }

  public Path siteAgent() {
    return folder.resolve("site-agent");
  }

  public Path apps() {
    return folder.resolve("apps");
  }

  public Path secrets() {
    return folder.resolve("secrets.properties");
  }

  public Path credentials() {
    return folder.resolve("credentials.json");
  }

  /** Mails of the services, one .eml file each. */
  public Path mailbox() {
    return folder.resolve("mailbox");
  }

  /** Documents that were handed to the tax office, which is a folder here. */
  public Path taxDocuments() {
    return folder.resolve("tax-documents");
  }

  public Path clock() {
    return folder.resolve("clock.json");
  }

  public Path scenarioLoaded() {
    return folder.resolve("scenario.loaded");
  }

  public Path lock() {
    return folder.resolve("supervisor.lock");
  }
}

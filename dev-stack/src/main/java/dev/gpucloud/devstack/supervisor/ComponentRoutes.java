package dev.gpucloud.devstack.supervisor;

import java.util.List;
import java.util.Map;

/** {@code /components}: what runs, and its kill, stop and start. */
final class ComponentRoutes implements ControlServer.Route {
  private final Map<String, Component> components;

  ComponentRoutes(Map<String, Component> components) {
    this.components = components;
  }

  @Override
  public Object answer(ControlServer.Request request) throws InterruptedException {
    String[] path = request.path().split("/");
    if (path.length == 2 && request.method().equals("GET")) {
      return views();
    }
    if (path.length == 4 && request.method().equals("POST")) {
      return act(path[2], path[3]);
    }
    throw new ControlServer.Refusal(404, "NOT_FOUND", "No such route: " + request.path());
  }

  List<Component.View> views() {
    return List.copyOf(components.values()).stream().map(Component::view).toList();
  }

  private Component.View act(String name, String verb) throws InterruptedException {
    Component component = components.get(name);
    if (component == null) {
      throw new ControlServer.Refusal(
          404, "NOT_FOUND", "No component " + name + "; there are " + components.keySet() + ".");
    }
    switch (verb) {
      case "kill" -> {
        if (!component.kill()) {
          throw new ControlServer.Refusal(409, "STATE_CONFLICT", name + " is not running.");
        }
      }
      case "stop" -> component.stop();
      case "start" -> component.start();
      default -> throw new ControlServer.Refusal(404, "NOT_FOUND", "Use kill, stop or start.");
    }
    return component.view();
  }
}

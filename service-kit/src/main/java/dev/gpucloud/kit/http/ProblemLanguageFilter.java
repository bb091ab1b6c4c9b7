package dev.gpucloud.kit.http;

import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Gives a problem its title in the language that the request asks for. */
class ProblemLanguageFilter {
  @ServerResponseFilter
  void translate(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof Problem problem) {
      ProblemLanguage language =
          ProblemLanguage.asked(request.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE));
      if (language != ProblemLanguage.ENGLISH) {
        response.setEntity(problem.in(language));
        response.getHeaders().putSingle(HttpHeaders.CONTENT_LANGUAGE, language.tag());
      }
    }
  }
}

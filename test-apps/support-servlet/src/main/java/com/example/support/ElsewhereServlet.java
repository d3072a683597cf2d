package com.example.support;

import java.io.IOException;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Has the model asked on another thread, in the way that the path names. */
final class ElsewhereServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Models models;
  private final transient Workshop workshop;

  ElsewhereServlet(Models models, Workshop workshop) {
    this.models = models;
    this.workshop = workshop;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String company = request.getHeader("X-Tenant-Id");
    String way = request.getPathInfo().substring(1);
    if (way.equals("async-start")) {
      AsyncContext async = request.startAsync();
      async.start(() -> answer(async, company + '.' + way));
      return;
    }
    try {
      response
          .getWriter()
          .print(workshop.way(way).get(() -> models.ask(company + '.' + way, "Who asks?")));
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  private void answer(AsyncContext async, String company) {
    try {
      async.getResponse().getWriter().print(models.ask(company, "Who asks?"));
    } catch (IOException failure) {
      ((HttpServletResponse) async.getResponse()).setStatus(500);
    }
    async.complete();
  }

  /** Answers at once: the work goes on when this request has ended. */
  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    String company = request.getHeader("X-Tenant-Id");
    workshop.later(() -> models.ask(company + ".later", "Who asked?"));
    response.setStatus(HttpServletResponse.SC_ACCEPTED);
  }
}

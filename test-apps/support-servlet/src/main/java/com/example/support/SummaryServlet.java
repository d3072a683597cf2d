package com.example.support;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Sums up the text that is posted. */
final class SummaryServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient Models models;

  SummaryServlet(Models models) {
    this.models = models;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String company = request.getHeader("X-Tenant-Id");
    String text = request.getParameter("text");
    response.getWriter().print(models.ask(company, "Sum up: " + text));
  }
}

import Testing

@testable import HostReadiness
@testable import xfrmctl

/// `xfrmctl check --format …`
@Suite struct CheckFormatTests {
  /// Characters that mean something in one language or another.
  static let hostile = #"<b>&"'|`*_[x](y) @who \ # "# + "\u{1b}[31m\u{202e}\n# x\0"

  /// A report in which all that comes from the host is hostile.
  private static func hostileReport() -> CheckJSON {
    var report = report(HostReadinessTests.Sample.host(), SyntheticKernel.withoutESP())
    report.host.hostname = hostile
    report.host.kernelRelease = hostile
    report.host.container = hostile
    report.profile.name = hostile
    for index in report.checks.indices {
      report.checks[index].summary = hostile
      report.checks[index].cause = hostile
      report.checks[index].evidence = [Evidence(hostile, hostile)]
      report.checks[index].remedies = [Remedy(hostile, command: hostile)]
    }
    return CheckJSON(report, nil)
  }

  private static func document(_ kernel: ProbeResults) -> CheckJSON {
    CheckJSON(report(HostReadinessTests.Sample.host(), kernel), nil)
  }

  // MARK: Escaping

  @Test(arguments: [true, false])
  func xmlAndHTMLAreWellFormed(isHostile: Bool) throws {
    let document =
      isHostile ? Self.hostileReport() : Self.document(SyntheticKernel.withoutESP())
    let matrix = Matrix([document, Self.document(SyntheticKernel.capable)])
    for text in [
      CheckJUnit(document, isStrict: true).text, CheckHTML(document).text,
      MatrixHTML(matrix).text,
    ] {
      #expect(Markup.problem(in: text) == nil, "\(text)")
      #expect(!text.contains("<b>") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
      #expect(text.contains("&lt;b&gt;&amp;&quot;&#39;|`") == isHostile)
    }
  }

  @Test func whatIsNotWellFormedIsNoticed() {
    #expect(Markup.problem(in: "<a><b></a>") == "</a> closes b")
    #expect(Markup.problem(in: "<a>") == "a is open")
    #expect(Markup.problem(in: "<p>a & b</p>") == "a bare &")
    #expect(Markup.problem(in: #"<p title="a<b">x</p>"#) == "a bare <")
    #expect(Markup.problem(in: #"<p a="b"><br>x &#39;</p>"#) == nil)
  }

  @Test func tablesInMarkdownKeepTheirColumns() {
    let matrix = Matrix([Self.hostileReport(), Self.document(SyntheticKernel.capable)])
    for (text, columns) in [
      (CheckMarkdown(Self.hostileReport()).text, [4]), (MatrixMarkdown(matrix).text, [3, 5]),
    ] {
      let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
      #expect(rows.count > 10)
      for row in rows {
        let count = row.replacing(#"\\"#, with: "").replacing(#"\|"#, with: "")
          .count { $0 == "|" }
        #expect(columns.contains(count - 1), "\(row)")
      }
      // Nothing of the host's becomes a heading, a tag, a link or a mention; in code nothing can.
      #expect(!text.contains("\n# x"))
      for line in text.split(separator: "\n") where !line.contains("``") {
        #expect(!line.contains("<b>") && !line.contains("@"), "\(line)")
      }
      #expect(text.contains(##"\<b\>\&"'\|\`\*\_\[x\](y) &#64;who \\ \#"##))
    }
  }

  @Test(arguments: [
    ("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a``b`", "``` a``b` ```"),
    ("a\nb", "`a b`"),
  ])
  func codeInMarkdown(text: String, code: String) {
    #expect(Markup.markdownCode(text) == code)
  }

  // MARK: JUnit

  /// How many elements of a kind there are, and how many its attributes promise.
  private func counts(_ document: CheckJSON, isStrict: Bool) -> [String: Int] {
    let text = CheckJUnit(document, isStrict: isStrict).text
    var counts: [String: Int] = [:]
    for (name, element) in [
      ("tests", "<testcase "), ("failures", "<failure "), ("errors", "<error "),
      ("skipped", "<skipped "),
    ] {
      counts[name] = text.split(separator: element, omittingEmptySubsequences: false).count - 1
      #expect(text.contains(" \(name)=\"\(counts[name] ?? -1)\""), "\(name)")
    }
    #expect(counts["tests"] == document.checks.count)
    return counts
  }

  @Test func nothingThatDidNotPassIsASuccess() {
    let unfit = Self.document(SyntheticKernel.withoutESP())
    let text = CheckJUnit(unfit, isStrict: false).text
    let (told, strict) = (counts(unfit, isStrict: false), counts(unfit, isStrict: true))
    let sum = unfit.counts
    #expect(sum.failed > 0 && sum.warnings > 0 && sum.absent > 0)
    #expect(told["failures"] == sum.failed && told["errors"] == 0)
    #expect(told["skipped"] == sum.warnings + sum.absent + sum.unknown)
    #expect(strict["failures"] == sum.failed + sum.warnings && strict["errors"] == 0)
    #expect(
      text.contains(#"<failure type="required" message="failed: esp4 is not loaded">"#))
    let silent = Self.document(ProbeResults())
    #expect(counts(silent, isStrict: false)["failures"] == 0)
    #expect(
      counts(silent, isStrict: false)["errors"]
        == silent.checks.count { $0.severity == .required && $0.status == .unknown })
    #expect(
      CheckJUnit(silent, isStrict: false).text
        .contains(#"<error type="required" message="unknown: not asked">"#))
    var ready = Self.document(SyntheticKernel.capable)
    ready.checks.removeAll { $0.status != .pass }
    #expect(ready.checks.count > 30)
    #expect(
      counts(ready, isStrict: true)
        == ["tests": ready.checks.count, "failures": 0, "errors": 0, "skipped": 0])
  }

  // MARK: For people

  @Test func htmlNeedsNothingElse() {
    let text = CheckHTML(Self.document(SyntheticKernel.withoutESP())).text
    for word in ["<script", "<link", "src=", "url(", "@import", "http:", "https:"] {
      #expect(!text.contains(word), "\(word)")
    }
    for word in [
      "<!DOCTYPE html>", "prefers-color-scheme: dark", "@media print", "width=device-width",
      "max-width: 40rem", #"<header class="not-ready">"#, "<pre><code>modprobe esp4",
      #"<li id="xfrm.esp4.gcm"><details open>"#, #"<li id="xfrm.netlink"><details>"#,
    ] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func markdownSaysWhatTheTerminalDoes() {
    let text = CheckMarkdown(Self.document(SyntheticKernel.withoutESP())).text
    #expect(text.hasPrefix("# gateway: NOT READY for minimal\n"))
    #expect(
      text.contains(
        "| [no] | ESP over IPv4<br>xfrm.esp4 | required | esp4 is not loaded<br>"))
    #expect(text.hasSuffix("- load esp4: `modprobe esp4`"))
  }
}

extension Markup {
  /// What is wrong with markup that is to be well-formed but for HTML's empty elements.
  static func problem(in text: String) -> String? {
    var open: [Substring] = []
    let parts = text.split(separator: /<\/?style>/, maxSplits: 2)
    let plain = parts.count == 3 ? "\(parts[0])\(parts[2])" : text
    var rest = plain[...]
    while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      rest = rest[start...]
      if rest.first == "&" {
        guard rest.prefixMatch(of: /&(amp|lt|gt|quot|#39);/) != nil else { return "a bare &" }
        rest = rest.dropFirst()
        continue
      }
      if let other = rest.prefixMatch(of: /<[!?][^<>]*>/) {
        rest = rest[other.range.upperBound...]
      } else if let tag = rest.prefixMatch(
        of: /<(\/?)([a-z0-9-]+)((?: [a-z]+(?:="[^"<>]*")?)*)(\/?)>/)
      {
        rest = rest[tag.range.upperBound...]
        if !tag.1.isEmpty {
          let last = open.popLast() ?? "nothing"
          guard last == tag.2 else { return "</\(tag.2)> closes \(last)" }
        } else if tag.4.isEmpty, !["br", "meta"].contains(tag.2) {
          open.append(tag.2)
        }
      } else {
        return "a bare <"
      }
    }
    return open.last.map { "\($0) is open" }
  }
}

import KernelReport
import Testing

/// The table of what the kernel tests' matrix found.
@Suite("The matrix's report")
struct MatrixReportTests {
  static let report = MatrixReport([
    CaseResult(
      bed: "uml", kernel: "6.1", feature: "AH", name: "hmac(md5) tunnel", verdict: .passed),
    CaseResult(
      bed: "uml", kernel: "6.1", feature: "AH", name: "hmac(sm3) tunnel", verdict: .skipped,
      reason: "no hmac(sm3)"),
    CaseResult(
      bed: "uml", kernel: "6.1", feature: "AH", name: "hmac(sm3) transport", verdict: .skipped,
      reason: "no hmac(sm3)"),
    CaseResult(
      bed: "qemu-6.12", kernel: "6.12", feature: "Marks", name: "<IPv4>", verdict: .failed,
      reason: "4 | 5"),
  ])

  @Test("is a table of kernels and features, and says why not")
  func markdown() {
    #expect(
      Self.report.markdown == """
        # Data-plane matrix

        | feature | uml (6.1) | qemu-6.12 (6.12) |
        | --- | --- | --- |
        | AH | 1 passed, 2 skipped | – |
        | Marks | – | 1 FAILED |
        | **all** | 1 passed, 2 skipped | 1 FAILED |

        ## Failed

        - qemu-6.12, 1 × 4 | 5: <IPv4>

        ## Skipped

        - uml, 2 × no hmac(sm3)

        """)
  }

  @Test("is a page, too, on which nothing is taken for a tag")
  func html() {
    let html = Self.report.html
    #expect(html.contains("<td class=\"passed\">1 passed, 2 skipped</td>"))
    #expect(html.contains("<td class=\"failed\">1 FAILED</td>"))
    #expect(html.contains("<li>&lt;IPv4&gt;</li>"))
    #expect(!html.contains("<IPv4>"))
  }

  @Test("has what a guest wrote before it ended within a line, too")
  func torn() {
    let line =
      #"{"bed":"uml","kernel":"6.1","feature":"AH","name":"a","verdict":"passed","milliseconds":5}"#
    let read = CaseResult.read("\(line)\n\(line)\n\(line.dropLast(30))")
    #expect(read.results.map(\.name) == ["a", "a"] && read.torn == 1)
    #expect(CaseResult.read(line + "\n").torn == 0)
  }

  @Test("has a line for each kernel")
  func summary() {
    #expect(Self.report.summary == "uml 6.1: 1 passed, 2 skipped\nqemu-6.12 6.12: 1 FAILED")
  }
}

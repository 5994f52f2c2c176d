import HostReadiness

/// The report of a check, in whatever format.
struct CheckOutput {
  let report: ReadinessReport
  let loaded: LoadReport?
  /// What was asked for.
  let options: CheckOptions
  let startedAt: Timestamp
  /// Whether warnings count.
  let isStrict: Bool
  let detail: CheckReport.Detail

  init(
    _ report: ReadinessReport, _ loaded: LoadReport?, _ options: CheckOptions,
    startedAt: Timestamp, isStrict: Bool,
    detail: CheckReport.Detail
  ) {
    self.report = report
    self.loaded = loaded
    self.options = options
    self.startedAt = startedAt
    self.isStrict = isStrict
    self.detail = detail
  }

  func text(_ format: CheckFormat) throws -> String {
    let document = CheckJSON(report, loaded, startedAt: startedAt)
    return switch format {
    case .text:
      CheckReport(report, loaded, isOfImage: options.root != "/", detail: detail).text
    case .json: try JSONOutput.text(document)
    case .junit: CheckJUnit(document, isStrict: isStrict).text
    case .html: CheckHTML(document).text
    case .markdown: CheckMarkdown(document).text
    case .legacy: try legacy
    }
  }

  private var legacy: String {
    get throws(Failure) {
      do throws(NoConfiguration) {
        return try LegacyScript(options).lines.joined(separator: "\n")
      } catch {
        throw Failure("\(error)", .failed)
      }
    }
  }
}

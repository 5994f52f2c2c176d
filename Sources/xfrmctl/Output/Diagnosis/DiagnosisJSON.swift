import XFRMDiagnosis

/// `xfrmctl doctor --json`
struct DiagnosisJSON: Encodable {
  struct Finding: Encodable {
    /// By its name in docs/DIAGNOSIS.md.
    var id: String
    /// The namespace of the other end; none for the host that is asked.
    var host: String?
    var title: String
    var evidence: [String]
    var fix: String
  }

  var version = 1
  var isHealthy: Bool
  var packets: UInt64
  /// The first cause first.
  var causes: [Finding]

  init(_ diagnosis: Diagnosis) {
    isHealthy = diagnosis.isHealthy
    packets = diagnosis.packets
    causes = diagnosis.causes.map { cause in
      Finding(
        id: cause.id.rawValue, host: cause.host.isEmpty ? nil : cause.host, title: cause.id.title,
        evidence: cause.evidence, fix: cause.id.fix)
    }
  }
}

import XFRMConfig
import XFRMKit

/// Bundles of keys for people: everything but the keys.
enum BundleText {
  /// One bundle, its name first.
  static func block(_ bundle: KeyBundleFile) -> String {
    """
    \(bundle.connection), generation \(bundle.generation): \(bundle.proposal)
      in             SPI \(bundle.incoming.spi)  fingerprint \(bundle.fingerprint(of: bundle.incoming))
      out            SPI \(bundle.outgoing.spi)  fingerprint \(bundle.fingerprint(of: bundle.outgoing))
    """
  }

  /// A line for each, below a line of headings.
  static func table(_ bundles: [KeyBundleFile]) -> [String] {
    guard !bundles.isEmpty else { return [] }
    let headings = ["connection", "generation", "proposal", "SPI in", "SPI out"]
    let rows = bundles.map {
      [
        $0.connection, "\($0.generation)", $0.proposal, "\($0.incoming.spi)", "\($0.outgoing.spi)",
      ]
    }
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([headings] + rows).map { row in
      let cells = zip(row, widths).map { Text.pad($0, $1) }.joined(separator: "  ")
      return String(cells.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// `xfrmctl keys list --json`, and of `show` and `new`.
struct BundleListJSON: Encodable {
  struct Half: Encodable {
    var spi: UInt32
    /// The same at both ends.
    var keyFingerprint: String
    var keyBytes: Int

    init(_ half: KeyBundleFile.Half, of bundle: KeyBundleFile) {
      spi = half.spi.rawValue
      keyFingerprint = bundle.fingerprint(of: half)
      keyBytes = half.key.count
    }
  }

  struct Bundle: Encodable {
    var connection: String
    var generation: UInt32
    var proposal: String
    var requestID: UInt32
    var `in`: Half
    var out: Half
    var file: String
    /// Where that of the other end is, if it was made just now.
    var peerFile: String?
  }

  var version = 1
  var bundles: [Bundle]

  init(_ bundles: [KeyBundleFile], in directory: KeyDirectory, peer: KeyDirectory? = nil) {
    self.bundles = bundles.map { bundle in
      Bundle(
        connection: bundle.connection, generation: bundle.generation, proposal: bundle.proposal,
        requestID: bundle.requestID, in: Half(bundle.incoming, of: bundle),
        out: Half(bundle.outgoing, of: bundle),
        file: directory.file(of: bundle.connection, generation: bundle.generation),
        peerFile: peer?.file(of: bundle.connection, generation: bundle.generation))
    }
  }
}

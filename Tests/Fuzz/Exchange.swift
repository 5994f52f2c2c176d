import IPRoute2
import XFRMKit

@testable import XFRMConfig

/// Reads bytes as what other programs print.
func examineExchange(_ bytes: [UInt8]) {
  for imported in [IKEless.read(bytes, of: "f"), Swanctl.read(bytes, of: "f")] {
    // What was read may have warnings.
    let isRefused = imported.diagnostics.contains { $0.severity == .error }
    expect((imported.exchange == nil) == isRefused, "neither read nor refused")
    if let exchange = imported.exchange { examine(exchange) }
  }
  guard let text = String(validating: bytes, as: UTF8.self) else { return }
  do throws(ListingError) {
    let listing = try IPListing(text)
    expect(plantedFault != "listing" || listing.policies.count < 2, "planted")
    examine(Exchange(associations: listing.associations, policies: listing.policies))
  } catch {
    expect(!error.expected.isEmpty, "an error without a word")
  }
}

/// What is made of it is a configuration without errors.
private func examine(_ exchange: Exchange) {
  let text = YAMLWriter.text(exchange.tree)
  let loaded = ConfigurationFiles(host: "") { (_) throws(ConfigurationFiles.Unreadable) in
    Array(text.utf8)
  }.load("f")
  let errors = loaded.diagnostics.filter { $0.severity == .error }
  guard !exchange.policies.isEmpty || !exchange.associations.isEmpty else { return }
  expect(errors.isEmpty, "\(errors.first?.message ?? "")")
}

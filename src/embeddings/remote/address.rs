//! Addresses of services: from what a person writes to where requests go, and which of them may see a key.

use reqwest::Url;

use crate::embeddings::EmbedError;

/// Version of Azure OpenAI's interface; any from 2024-02-01 on makes embeddings.
const AZURE_VERSION: &str = "2024-10-21";
/// What messages call both kinds of services.
const SERVICE: &str = "the embedding service";

/// Somebody on the network.
pub(super) struct Peer {
    /// Where requests go.
    pub(super) url: Url,
    /// Who that is, for messages: with the host, without the rest of the address.
    pub(super) who: String,
}

impl Peer {
    fn new(url: Url, what: &str) -> Self {
        let who = format!("{what} at {}", url.host_str().unwrap_or_default());
        Self { url, who }
    }
}

/// Where an Azure deployment makes embeddings. The deployments route is the one that takes both keys and Entra ID.
pub(super) fn azure(resource: &str, deployment: &str) -> Result<Peer, EmbedError> {
    let mut url = base(resource)?;
    extend(&mut url, &["openai", "deployments", deployment, "embeddings"])?;
    url.query_pairs_mut().append_pair("api-version", AZURE_VERSION);
    Ok(Peer::new(url, SERVICE))
}

/// Where an OpenAI-compatible service makes embeddings.
pub(super) fn openai(service: &str) -> Result<Peer, EmbedError> {
    let mut url = base(service)?;
    extend(&mut url, &["embeddings"])?;
    Ok(Peer::new(url, SERVICE))
}

/// Where Entra ID gives tokens for a directory.
pub(super) fn tokens(authority: &str, tenant: &str) -> Result<Peer, EmbedError> {
    let authority =
        if authority.contains("://") { authority.to_owned() } else { format!("https://{authority}") };
    let mut url = base(&authority)?;
    extend(&mut url, &[tenant, "oauth2", "v2.0", "token"])?;
    keeps_secrets(&url)?;
    Ok(Peer::new(url, "Entra ID"))
}

/// Refuses to send a key where others can read it on the way.
pub(super) fn keeps_secrets(url: &Url) -> Result<(), EmbedError> {
    let own_machine = match url.host_str().unwrap_or_default() {
        "localhost" => true,
        host => host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
    };
    if url.scheme() == "https" || own_machine {
        return Ok(());
    }
    Err(EmbedError::Address("a key goes over https:// only, except to this machine itself"))
}

fn base(text: &str) -> Result<Url, EmbedError> {
    let url = Url::parse(text).map_err(|_| EmbedError::Address("it is no URL such as https://host/v1"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(EmbedError::Address("it must begin with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EmbedError::Address("keys do not belong into the address but into their variables"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(EmbedError::Address("it must end with its path, without ? and #"));
    }
    Ok(url)
}

fn extend(url: &mut Url, parts: &[&str]) -> Result<(), EmbedError> {
    let mut path = url.path_segments_mut().map_err(|()| EmbedError::Address("it has no path"))?;
    path.pop_if_empty().extend(parts);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{azure, keeps_secrets, openai, tokens};
    use crate::embeddings::EmbedError;

    #[test]
    fn addresses_are_completed() {
        let text = |peer: Result<super::Peer, EmbedError>| {
            peer.map(|peer| String::from(peer.url)).map_err(|error| error.to_string())
        };
        let deployment = "https://shop.openai.azure.com/openai/deployments/small%2F..%3F/embeddings?api-version=2024-10-21";
        assert_eq!(text(azure("https://shop.openai.azure.com/", "small/..?")).as_deref(), Ok(deployment));
        let local = "http://localhost:11434/v1/embeddings";
        assert_eq!(text(openai("http://localhost:11434/v1")).as_deref(), Ok(local));
        assert_eq!(text(openai("http://localhost:11434/v1/")).as_deref(), Ok(local));
        let token = "https://login.example/t/oauth2/v2.0/token";
        assert_eq!(text(tokens("login.example", "t")).as_deref(), Ok(token));
    }

    #[test]
    fn keys_stay_off_the_open_wire() {
        let kept = |url: &str| keeps_secrets(&url.parse().expect("a URL")).is_ok();
        for fine in ["https://example.com", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(kept(fine), "{fine}");
        }
        for open in ["http://example.com", "http://10.0.0.1", "http://localhost.example.com"] {
            assert!(!kept(open), "{open}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let bad = ["shop.openai.azure.com", "ftp://host", "https://u:k@host", "https://host/v1?key=k", ""];
        for url in bad {
            let error = openai(url).err().expect(url).to_string();
            assert!(!error.contains("u:k") && !error.contains("key=k"), "{error}");
        }
    }
}

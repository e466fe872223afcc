//! Which embedding model: a local one, a remote service, or none.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::{EntraSettings, LocalArgs, SettingsError, given, secret};

/// Where OpenAI itself listens.
const OPENAI: &str = "https://api.openai.com/v1";
/// Model of a remote service, or name of its deployment, when none was named.
const REMOTE_MODEL: &str = "text-embedding-3-small";
/// The local model that `scripts/install-model` installs, below `models` in the data directory.
const LOCAL_MODEL: &str = "all-MiniLM-L6-v2";

/// Settings of the model that compares meanings.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Product search")]
pub struct EmbeddingArgs {
    /// Where vectors come from: `local`, `azure`, `openai` (any compatible service), `none`
    ///
    /// Default: azure if AZURE_OPENAI_ENDPOINT is set, openai if EMBEDDING_URL is, else local if the model is installed.
    /// Keys come from variables alone: AZURE_OPENAI_API_KEY, or AZURE_TENANT_ID, AZURE_CLIENT_ID and
    /// AZURE_CLIENT_SECRET for Entra ID (AZURE_AUTHORITY_HOST in other clouds); OPENAI_API_KEY.
    #[arg(long, env = "EMBEDDING_PROVIDER", value_name = "PROVIDER", value_enum)]
    pub embedding_provider: Option<EmbeddingProvider>,

    /// Directory of the local model: a BERT of sentence-transformers with config.json, tokenizer.json, model.safetensors
    ///
    /// Default: what `scripts/install-model` put under the data directory.
    #[arg(long, env = "ZAVA_EMBEDDING_MODEL_DIR", value_name = "DIR")]
    pub embedding_model_dir: Option<PathBuf>,

    /// Azure OpenAI resource, such as `https://NAME.openai.azure.com`
    #[arg(long, env = "AZURE_OPENAI_ENDPOINT", value_name = "URL")]
    pub azure_openai_endpoint: Option<String>,

    /// Base address of an OpenAI-compatible service, such as `http://localhost:11434/v1`
    #[arg(long, env = "EMBEDDING_URL", value_name = "URL")]
    pub embedding_url: Option<String>,

    /// Deployment on Azure, model elsewhere [default: text-embedding-3-small]
    #[arg(long, env = "EMBEDDING_MODEL_DEPLOYMENT_NAME", value_name = "NAME")]
    pub embedding_model: Option<String>,

    /// Numbers in a vector; needed for remote models other than OpenAI's own
    #[arg(long, env = "EMBEDDING_DIMENSIONS", value_name = "NUMBERS",
          value_parser = clap::value_parser!(u32).range(1..=16_000))]
    pub embedding_dimensions: Option<u32>,

    /// Longest wait for one batch of vectors from a remote service, in seconds, retries included
    #[arg(long, env = "EMBEDDING_TIMEOUT", value_name = "SECONDS", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..=600))]
    pub embedding_timeout: u32,
}

/// Who makes vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum EmbeddingProvider {
    /// A model inside this process.
    Local,
    /// Azure OpenAI.
    Azure,
    /// OpenAI, or any service that speaks like it.
    #[value(name = "openai")]
    OpenAi,
    /// Nobody: products are searched by words.
    None,
}

/// The model that the settings mean.
#[derive(Clone, Debug)]
pub struct EmbeddingSettings {
    /// Who makes vectors, and how to reach it.
    pub source: EmbeddingSource,
    /// Longest wait for one batch from a remote service.
    pub timeout: Duration,
}

/// Who makes vectors, and how to reach it.
#[derive(Clone, Debug)]
pub enum EmbeddingSource {
    /// Nobody.
    None,
    /// A model in a directory.
    Local {
        /// The directory; it may not exist.
        dir: PathBuf,
    },
    /// A remote service.
    Remote(RemoteSettings),
}

/// A remote service.
#[derive(Clone, Debug)]
pub struct RemoteSettings {
    /// Base address, as it was given.
    pub url: String,
    /// Deployment on Azure, model elsewhere.
    pub model: String,
    /// Numbers in a vector, when given.
    pub dimensions: Option<u32>,
    /// Which service, with its way to log in.
    pub login: RemoteLogin,
}

/// Which service, with its way to log in. Keys never print.
#[derive(Clone, Debug)]
pub enum RemoteLogin {
    /// An OpenAI-compatible service, with a key if it wants one.
    OpenAi(Option<SecretString>),
    /// Azure OpenAI with the key of the resource.
    AzureKey(SecretString),
    /// Azure OpenAI with the secret of an application.
    Entra(EntraSettings),
    /// Azure OpenAI, with neither.
    AzureNothing,
}

impl EmbeddingArgs {
    /// Decides which model is meant. Reads no file; looks whether the local model's directory exists.
    ///
    /// # Errors
    ///
    /// When Azure is chosen without its address, or the data directory is unknown.
    pub fn settings(&self, local: &LocalArgs) -> Result<EmbeddingSettings, SettingsError> {
        let source = match self.embedding_provider {
            Some(EmbeddingProvider::None) => EmbeddingSource::None,
            Some(EmbeddingProvider::Local) => EmbeddingSource::Local { dir: self.model_dir(local)? },
            Some(EmbeddingProvider::Azure) => self.azure()?,
            Some(EmbeddingProvider::OpenAi) => self.openai(),
            None if given(self.azure_openai_endpoint.as_ref()).is_some() => self.azure()?,
            None if given(self.embedding_url.as_ref()).is_some() => self.openai(),
            None => match self.model_dir(local) {
                Ok(dir) if dir.is_dir() || self.embedding_model_dir.is_some() => {
                    EmbeddingSource::Local { dir }
                }
                _ => EmbeddingSource::None,
            },
        };
        Ok(EmbeddingSettings { source, timeout: Duration::from_secs(self.embedding_timeout.into()) })
    }

    /// The absolute directory of the local model.
    fn model_dir(&self, local: &LocalArgs) -> Result<PathBuf, SettingsError> {
        match &self.embedding_model_dir {
            Some(dir) => std::path::absolute(dir).map_err(|_| SettingsError::DataDir),
            None => Ok(local.data_dir()?.join("models").join(LOCAL_MODEL)),
        }
    }

    fn azure(&self) -> Result<EmbeddingSource, SettingsError> {
        let url = given(self.azure_openai_endpoint.as_ref()).ok_or_else(|| SettingsError::Options {
            reason: "azure_endpoint_missing",
            text: "the provider azure needs the address of the resource; set AZURE_OPENAI_ENDPOINT"
                .to_owned(),
        })?;
        let login = match (secret("AZURE_OPENAI_API_KEY"), EntraSettings::from_environment()) {
            (Some(key), _) => RemoteLogin::AzureKey(key),
            (None, Some(application)) => RemoteLogin::Entra(application),
            (None, None) => RemoteLogin::AzureNothing,
        };
        Ok(self.remote(url, login))
    }

    fn openai(&self) -> EmbeddingSource {
        let url = given(self.embedding_url.as_ref()).unwrap_or_else(|| OPENAI.to_owned());
        self.remote(url, RemoteLogin::OpenAi(secret("OPENAI_API_KEY")))
    }

    fn remote(&self, url: String, login: RemoteLogin) -> EmbeddingSource {
        let model = given(self.embedding_model.as_ref()).unwrap_or_else(|| REMOTE_MODEL.to_owned());
        EmbeddingSource::Remote(RemoteSettings { url, model, dimensions: self.embedding_dimensions, login })
    }
}

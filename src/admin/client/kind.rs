//! The clients we know: where each keeps its configuration and what it calls things.

use std::path::PathBuf;

use super::name;
use crate::settings::{SettingsError, home_dir};

/// An MCP client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Client {
    /// Visual Studio Code: .vscode/mcp.json in the current directory
    Vscode,
    /// Claude Desktop: its file in your home directory
    ClaudeDesktop,
    /// Claude Code: .mcp.json in the current directory
    ClaudeCode,
    /// Cursor: .cursor/mcp.json in the current directory
    Cursor,
}

impl Client {
    /// What people call it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Vscode => "VS Code",
            Self::ClaudeDesktop => "Claude Desktop",
            Self::ClaudeCode => "Claude Code",
            Self::Cursor => "Cursor",
        }
    }

    /// The key that holds the servers, by name.
    pub(super) fn servers_key(self) -> &'static str {
        if self == Self::Vscode { "servers" } else { "mcpServers" }
    }

    /// Whether an entry says that it speaks over stdin and stdout.
    pub(super) fn names_transport(self) -> bool {
        matches!(self, Self::Vscode | Self::ClaudeCode)
    }

    /// How a configuration refers to the database URL of a server, without holding it; `None` when it cannot.
    pub(super) fn url_reference(self, server: &str) -> Option<String> {
        match self {
            Self::Vscode => Some(format!("${{input:{}}}", name::input(server))),
            Self::ClaudeDesktop => None,
            Self::ClaudeCode => Some(format!("${{{}}}", name::variable(server))),
            Self::Cursor => Some(format!("${{env:{}}}", name::variable(server))),
        }
    }

    /// Where it looks for its configuration: absolute, or below the current directory.
    pub(super) fn default_file(self) -> Result<PathBuf, SettingsError> {
        Ok(match self {
            Self::Vscode => PathBuf::from(".vscode/mcp.json"),
            Self::ClaudeCode => PathBuf::from(".mcp.json"),
            Self::Cursor => PathBuf::from(".cursor/mcp.json"),
            Self::ClaudeDesktop => {
                let macos = cfg!(target_os = "macos");
                let settings = if macos { "Library/Application Support" } else { ".config" };
                home_dir()?.join(settings).join("Claude/claude_desktop_config.json")
            }
        })
    }
}

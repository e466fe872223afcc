// What zava-mcp needs on Azure: PostgreSQL with pgvector, an embedding model, and Application Insights.
//
//   az group create --name zava --location westus3
//   az deployment group create --resource-group zava --template-file scripts/azure/main.bicep \
//     --parameters administratorPassword=... clientAddress=$(curl -s https://api.ipify.org)
//
// The outputs are named as the variables that zava-mcp reads; keys are no outputs, because deployments are logged:
//   az cognitiveservices account keys list --name NAME --resource-group zava --query key1 --output tsv

@description('Begins the names of all resources; they must be unique in the world.')
@minLength(3)
@maxLength(20)
param name string = 'zava-${uniqueString(resourceGroup().id)}'

@description('Region. It must offer text-embedding-3-small.')
param location string = resourceGroup().location

@description('Login of the owner, who runs db create, db seed and identity add; the server never uses it.')
param administratorLogin string = 'zava_admin'

@secure()
@minLength(12)
@description('Password of that login.')
param administratorPassword string

@description('The one IPv4 address that may reach the database; empty: none until a rule is added.')
param clientAddress string = ''

@description('Compute of the database: a burstable one for trying, D2ds_v5 (GeneralPurpose) for a chain.')
param databaseSku object = {
  name: 'Standard_B2s'
  tier: 'Burstable'
}

@description('Thousands of tokens a minute of the embedding model.')
param embeddingCapacity int = 50

var embeddingModel = 'text-embedding-3-small'

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: name
  location: location
  sku: databaseSku
  properties: {
    version: '17'
    administratorLogin: administratorLogin
    administratorLoginPassword: administratorPassword
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 7
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Enabled'
      tenantId: subscription().tenantId
    }
  }
}

// An extension must be allowed before db create can make it.
resource extensions 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = {
  parent: database
  name: 'azure.extensions'
  properties: {
    value: 'VECTOR'
    source: 'user-override'
  }
}

resource shop 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: database
  name: 'zava'
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
  // The server makes one change at a time.
  dependsOn: [
    extensions
  ]
}

resource clientRule 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = if (!empty(clientAddress)) {
  parent: database
  name: 'client'
  properties: {
    startIpAddress: clientAddress
    endIpAddress: clientAddress
  }
  dependsOn: [
    shop
  ]
}

resource openai 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: '${name}-openai'
  location: location
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: '${name}-openai'
    publicNetworkAccess: 'Enabled'
  }
}

resource embedding 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = {
  parent: openai
  name: embeddingModel
  sku: {
    name: 'Standard'
    capacity: embeddingCapacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: embeddingModel
      version: '1'
    }
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  kind: 'other'
  properties: {
    Application_Type: 'other'
    WorkspaceResourceId: logs.id
  }
}

output POSTGRES_DB_HOST string = database.properties.fullyQualifiedDomainName
output POSTGRES_DB string = shop.name
output AZURE_OPENAI_ENDPOINT string = openai.properties.endpoint
output EMBEDDING_MODEL_DEPLOYMENT_NAME string = embedding.name
output APPLICATIONINSIGHTS_CONNECTION_STRING string = insights.properties.ConnectionString

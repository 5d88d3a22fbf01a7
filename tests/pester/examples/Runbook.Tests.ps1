# The runbook of Azure Automation, without Azure.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-ExampleSimulator
    $login = Get-Login $sim
    # Scripts import the module by its name, so its folder is on the module path.
    $formerPath = Add-ModulePath
}

AfterAll {
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'The runbook' {
    # These stand for the commands that Azure Automation has in its sandbox.
    BeforeAll {
        function Get-AutomationPSCredential([string] $Name) {
            if ($Name -eq 'DattoRMM') { $login.Credential }
        }
        function Get-AutomationVariable([string] $Name) {
            throw "There is no variable $Name."
        }
        $runbook = Get-Example 'Runbook-OfflineServers.ps1'
    }

    It 'gives the servers that were not seen for long' {
        $servers = @(& $runbook -Hours 1 -Url $sim.url)

        Connect-DrmmApi @login
        $limit = [datetime]::Now.AddHours(-1)
        $expected = @(Get-DrmmDevice | Where-Object {
                $_.deviceType.category -eq 'Server' -and -not $_.online -and $_.GetTime('lastSeen') -lt $limit })
        $expected.Count | Should -BeGreaterThan 0
        $servers.uid | Should -Be $expected.uid
        $servers[0].PSObject.Properties.Name | Should -Be 'siteName', 'hostname', 'lastSeen', 'operatingSystem', 'uid'
    }

    It 'passes over a device without a type' {
        $rule = @{
            match = 'GET /v2/account/devices'
            fault = @{
                contentType = 'application/json'
                answer = '{"pageDetails":{"count":1,"totalCount":1},"devices":[{"id":1,"uid":"u","hostname":"x",' +
                    '"online":false,"deviceType":null,"lastSeen":null}]}'
            }
        }
        Set-Fault $sim ($rule | ConvertTo-Json -Depth 9)
        try {
            & $runbook -Hours 1 -Url $sim.url | Should -BeNullOrEmpty
        }
        finally {
            Set-Fault $sim ''
        }
    }

    It 'fails where there is no platform' {
        { & $runbook } | Should -Throw '*DrmmPlatform*'
    }

    It 'connects to the platform of the variable with the credential of the account' {
        function Get-AutomationVariable([string] $Name) {
            if ($Name -eq 'DrmmPlatform') { 'pinotage' }
        }
        # It stands for a platform.
        function Connect-DrmmApi([string] $Platform, [pscredential] $Credential) {
            $asked.Add("$Platform as $($Credential.UserName)")
            DattoRMM\Connect-DrmmApi -Url $sim.url -Credential $Credential
        }
        $asked = [Collections.Generic.List[string]]::new()

        $servers = @(& $runbook -Hours 1)

        $asked | Should -Be "pinotage as $($sim.key)"
        $servers.Count | Should -BeGreaterThan 0
    }
}

Describe 'The zip for Azure Automation' {
    It 'is made of the released one by the commands of the help, and can be imported' {
        $help = (Get-Help (Get-Example 'Runbook-OfflineServers.ps1')).description.Text -join "`n"
        $commands = @($help -split '\r?\n' | Where-Object { $_ -match '^ *(Expand|Rename|Compress)-\w+ ' })
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'release')).FullName
        Copy-Item (Get-ModuleZip) $folder

        Push-Location $folder
        try {
            $commands | ForEach-Object { & ([scriptblock]::Create($_)) }
        }
        finally {
            Pop-Location
        }
        $modules = Join-Path $TestDrive 'Modules'
        Expand-Archive (Join-Path $folder 'DattoRMM.zip') $modules
        $run = Invoke-Shell @"
Import-Module '$(Join-Path $modules 'DattoRMM')'
Connect-DrmmApi -Url $($sim.url)
(Get-Module DattoRMM).Path
"@ @{ DRMM_API_KEY = $sim.key; DRMM_API_SECRET = $sim.secret }

        $commands.Count | Should -Be 3
        @(Get-ChildItem $modules).Name | Should -Be 'DattoRMM'
        "$($run.Errors)" | Should -Be ''
        $run.Output | Should -BeLike "$modules*DattoRMM.dll"
    }
}
